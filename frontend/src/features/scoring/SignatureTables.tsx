import { counted } from '../../core/base/numbers'
import { textOf } from '../../core/endpoints/endpoints'
import { rangeOf, type Scoring, type ScoringColumn } from '../../core/runs/scoring'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'

interface Props {
  columns: ScoringColumn[]
  /** A row of the run; answers have none. */
  example?: Record<string, unknown>
}

function Columns({ columns, example }: Props) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Column</th><th scope="col">Type</th>{example && <th scope="col">May be missing</th>}<th scope="col" data-wide>In the run</th>{example && <th scope="col" data-wide>Example</th>}</tr></thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              <td>{column.type}</td>
              {example && <td>{column.nullable ? 'Yes' : 'No'}</td>}
              <td data-wide className={list.wrapped}>{rangeOf(column)}</td>
              {example && <td data-wide className={list.wrapped}>{textOf(example[column.name]) || '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The columns that a request gives and that an answer holds. */
export function SignatureTables({ signature }: { signature: Scoring['signature'] }) {
  return (
    <>
      <Section title="What a request gives" help={`${counted(signature.inputs.length, 'column')} for each row; the label and columns without effect on the scores are left out.`}><Columns columns={signature.inputs} example={signature.example} /></Section>
      <Section title="What an answer holds"><Columns columns={signature.outputs} /></Section>
    </>
  )
}
