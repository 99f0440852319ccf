import { count, exactly } from '../../core/base/numbers'
import type { EndpointDrift } from '../../core/endpoints/monitoring'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'

const WORDS = { waiting: 'Waiting', judged: 'No alarm' } as Record<string, string>

/** The judged windows, newest first. A signal in several windows in a row is an alarm. */
export function DriftWindows({ windows }: { windows: EndpointDrift['windows'] }) {
  return (
    <Section title="Windows" help="Each window is compared with the reference when it is over. A change that several windows in a row show is an alarm.">
      {windows.length === 0 ? <p className={list.soft}>No window is over yet.</p> : (
        <div className={list.scroller}>
          <table className={list.list}>
            <thead><tr><th scope="col">From</th><th scope="col" data-wide>To</th><th scope="col" data-number>Rows</th><th scope="col">Result</th></tr></thead>
            <tbody>
              {windows.toReversed().map((window) => (
                <tr key={window.start}>
                  <td>{exactly(window.start)}</td>
                  <td data-wide>{exactly(window.end)}</td>
                  <td data-number>{count(window.rows)}</td>
                  <td className={list.wrapped}>
                    {window.alarms.length > 0 ? <strong>Alarm</strong> : window.signals.length > 0 ? 'Changed once' : WORDS[window.state] ?? window.state}
                    {(window.drifted_importance ?? 0) > 0 && <div>{`Inputs with ${((window.drifted_importance ?? 0) * 100).toFixed(1)}\u00a0% of the importance differ.`}</div>}
                    {window.words && <div className={list.soft}>{window.words}</div>}
                    {window.signals.map((signal) => <div key={signal.column + signal.kind}>{signal.words}</div>)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  )
}
