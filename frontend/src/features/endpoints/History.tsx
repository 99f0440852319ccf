import { useQuery } from '@tanstack/react-query'
import { sharesInWords, type Endpoint } from '../../core/endpoints/endpoints'
import { getMoves } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'

/** Every move of the shares, newest first. */
export function History({ endpoint }: { endpoint: Endpoint }) {
  const moves = useQuery({ queryKey: [...endpointKey(endpoint.id), 'moves', endpoint.revision], queryFn: () => getMoves(endpoint.id) })
  return (
    <Section title="History" help="Every move of the shares: who, when and why.">
      <QueryBoundary query={moves}>
        {(all) => all.length === 0 ? <p className={list.soft}>Nothing was moved yet.</p> : (
          <div className={list.scroller}>
            <table className={list.list}>
              <thead><tr><th scope="col">When</th><th scope="col">Move</th><th scope="col">From</th><th scope="col">To</th><th scope="col" data-wide>By</th><th scope="col" data-wide>Reason</th></tr></thead>
              <tbody>
                {all.map((move) => (
                  <tr key={move.revision}>
                    <td className={list.soft}><Timestamp at={move.at} /></td>
                    <td>{{ publish: 'Published', shares: 'Shares', rollback: 'Rolled back' }[move.kind] ?? move.kind}</td>
                    <td>{sharesInWords(move.before)}</td>
                    <td>{sharesInWords(move.after)}</td>
                    <td data-wide>{move.by}</td>
                    <td data-wide className={list.wrapped}>{move.why}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryBoundary>
    </Section>
  )
}
