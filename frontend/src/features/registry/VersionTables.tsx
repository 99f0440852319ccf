import { metric } from '../../core/base/numbers'
import { seenWords, type ModelVersion } from '../../core/data/models'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import classes from './registry.module.css'

/** The figures of the evaluations of the run, with intervals. */
export function Figures({ version }: { version: ModelVersion }) {
  if (version.metrics.length === 0) return <Box><Empty title="No figures">{version.origin.imported ? 'An imported file has none. Use it in a pipeline with Registered Model, Score Model and Evaluate Model.' : 'The run did not evaluate the model. Connect it to Score Model and Evaluate Model, run, and register it again under another name.'}</Empty></Box>
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Figure</th><th scope="col" data-number>Value</th><th scope="col" data-number>95 % interval</th><th scope="col" data-number data-wide>Rows</th><th scope="col" data-wide>Evaluation</th></tr></thead>
        <tbody>
          {version.metrics.map((one) => (
            <tr key={`${one.node} ${one.model} ${one.key}`}>
              <th scope="row">{one.title}</th><td data-number>{metric(one.value)}</td>
              <td data-number>{one.interval ? `${metric(one.interval[0])} to ${metric(one.interval[1])}` : ''}</td>
              <td data-number data-wide>{one.rows}</td><td data-wide>{one.node}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Inputs and outputs with what the rows of the run had. */
export function SignatureTable({ version }: { version: ModelVersion }) {
  const { signature } = version
  if (signature === null) return <Box><Empty title="No signature">No stored table of the run has all features of the model, or a column has a type that requests cannot give. Such a version cannot be published.</Empty></Box>
  const rows = [...signature.inputs.map((column) => ({ column, what: 'Input' })), ...signature.outputs.map((column) => ({ column, what: 'Output' }))]
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Column</th><th scope="col">Signature</th><th scope="col">Type</th><th scope="col" data-wide>May be missing</th><th scope="col" data-wide>Seen in training</th><th scope="col" data-wider>Example</th></tr></thead>
        <tbody>
          {rows.map(({ column, what }) => (
            <tr key={`${what} ${column.name}`}>
              <th scope="row">{column.name}</th><td>{what}</td><td>{column.type}</td><td data-wide>{column.nullable ? 'yes' : 'no'}</td>
              <td data-wide className={list.wrapped}>{seenWords(column)}</td>
              <td data-wider className={classes.code}>{what === 'Input' && column.name in signature.example ? JSON.stringify(signature.example[column.name]) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
