import { useQuery } from '@tanstack/react-query'
import { changeWords, type RegisteredModel } from '../../core/data/models'
import { modelHistoryQuery } from '../../state/models'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'

/** All decisions about a model, the newest first. */
export function History({ model }: { model: RegisteredModel }) {
  const history = useQuery(modelHistoryQuery(model.id))
  return (
    <Section title="History">
      <QueryBoundary query={history}>
        {(changes) => changes.length === 0 ? <Box><Empty title="No decisions yet">Moves of aliases and changes of stage are listed here, with who, when and why.</Empty></Box> : (
          <div className={list.scroller}>
            <table className={list.list}>
              <thead><tr><th scope="col">What</th><th scope="col">Who</th><th scope="col">When</th><th scope="col" data-wide>Why</th></tr></thead>
              <tbody>
                {changes.map((change, at) => (
                  <tr key={at}><td data-name>{changeWords(change)}</td><td>{change.who}</td><td className={list.soft}><Timestamp at={change.at} /></td><td data-wide className={list.wrapped}>{change.why}{change.met.length > 0 && <div className={list.soft}>Met: {change.met.join('; ')}</div>}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryBoundary>
    </Section>
  )
}
