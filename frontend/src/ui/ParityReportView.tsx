import { count, counted, figure } from '../core/base/numbers'
import { proofByColumn, type ParityReport } from '../core/runs/scoring'
import list from './list.module.css'
import classes from './ParityReportView.module.css'
import { StateMark } from './StateMark'

function verdict({ passed, exact, held_out, largest, tolerance }: ParityReport): string {
  const rows = counted(held_out, 'held-out row')
  if (!passed) return `Not equal to what the run gave on ${rows}`
  return exact ? `Equal to what the run gave, to the last bit, on ${rows}` : `Equal to what the run gave on ${rows}; the largest difference is ${figure(largest)}, and ${figure(tolerance)} is allowed`
}

const Result = ({ passed }: { passed: boolean }) => <span className={classes.result}><StateMark state={passed ? 'done' : 'failed'} size={14} />{passed ? 'Equal' : 'Differs'}</span>

/** The proof that a scoring pipeline gives what its run gave: the verdict, each comparison, and each column of the answer. */
export function ParityReportView({ report }: { report: ParityReport }) {
  const columns = proofByColumn(report)
  const libraries = Object.entries(report.libraries).map(([name, version]) => `${name} ${version}`).join(', ')
  return (
    <div>
      <p className={classes.verdict}><StateMark state={report.passed ? 'done' : 'failed'} />{verdict(report)}</p>
      <p className={classes.facts}>
        {report.mode === 'compiled' ? 'Requests run compiled.' : report.mode === 'sandbox' ? report.why : `Requests run through the modules themselves, which is slower: ${report.why}`}
        {libraries && ` Made with ${libraries}.`}
      </p>
      <div className={list.scroller}>
        <table className={list.list}>
          <thead><tr><th scope="col">What is compared</th><th scope="col" data-number>Rows</th><th scope="col" data-number data-wide>Values that differ</th><th scope="col" data-number data-wide>Largest difference</th><th scope="col">Result</th></tr></thead>
          <tbody>
            {report.cases.map((found) => (
              <tr key={found.name}>
                <th scope="row">{found.title}{found.detail && <div className={list.soft}>{found.detail}</div>}</th>
                <td data-number>{count(found.rows)}</td>
                <td data-number data-wide>{count(found.differing)}</td>
                <td data-number data-wide>{figure(found.largest)}</td>
                <td><Result passed={found.passed} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {columns.length > 0 && (
        <>
          <h3 className={classes.heading}>By column of the answer</h3>
          <div className={list.scroller}>
            <table className={list.list}>
              <thead><tr><th scope="col">Column</th><th scope="col" data-number>Values compared</th><th scope="col" data-number data-wide>Differ</th><th scope="col" data-number>Largest difference</th><th scope="col" data-wide>Result</th></tr></thead>
              <tbody>
                {columns.map(({ name, values, differing, largest }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td data-number>{count(values)}</td>
                    <td data-number data-wide>{count(differing)}</td>
                    <td data-number>{figure(largest)}</td>
                    <td data-wide><Result passed={differing === 0} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  )
}
