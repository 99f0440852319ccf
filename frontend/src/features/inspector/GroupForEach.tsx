/** For which parts of one of its inputs a sub-pipeline is repeated, and how. */
import { NativeSelect, Text } from '@mantine/core'
import { isShown } from '../../core/catalogue/catalogue'
import { FOR_EACH, repeatedInput, repeaterOf, tablesIn, withoutForEach } from '../../core/graph/forEach'
import { groupPorts } from '../../core/graph/groupPorts'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph, useDocument } from '../../state/document'
import { repeatFor } from '../../state/forEach'
import { Field } from './Field'
import classes from './Inspector.module.css'

const ONCE = ''
const UNREAD = 'unread'
const HELP = 'The sub-pipeline is executed for each group of rows, or each row, of one of its inputs. Its other inputs are given to each item as they are.'

export function GroupForEach({ id, members, readOnly }: { id: string; members: readonly string[]; readOnly: boolean }) {
  const catalogue = useCatalogue()
  useDocument(({ nodes }) => nodes)
  useDocument(({ edges }) => edges)
  const graph = currentGraph()
  const forEach = repeaterOf(graph.nodes, id)
  const node = forEach === null ? undefined : graph.nodes[forEach]
  const module = catalogue.module(FOR_EACH)
  if (!module) return null
  const plain = forEach === null ? graph : withoutForEach(graph, forEach)
  const { inputs } = groupPorts(plain, catalogue, members.filter((member) => member !== forEach))
  const { tables, chosen } = tablesIn(plain, catalogue, inputs, forEach === null ? null : repeatedInput(graph, forEach))
  return (
    <section className={classes.part} aria-label="For each">
      <div className={classes.field} role="group" aria-description={HELP} data-help={HELP}>
        <div className={classes.fieldHead}><label htmlFor={`for-each-${id}`}>Repeat for each part of</label></div>
        <NativeSelect id={`for-each-${id}`} size="xs" disabled={readOnly || (tables.length === 0 && forEach === null)} value={chosen ?? (forEach === null ? ONCE : UNREAD)} onChange={({ currentTarget }) => repeatFor(id, currentTarget.value || null)}>
          <option value={ONCE}>Nothing: execute it once</option>
          {tables.map(({ input, words }) => <option key={input} value={input}>{words}</option>)}
          {forEach !== null && chosen === null && <option value={UNREAD} disabled>Its rows are read by nothing</option>}
        </NativeSelect>
        {tables.length === 0 && forEach === null && <Text fz={12} c="dimmed">No table comes in.</Text>}
      </div>
      {node && forEach !== null && module.params.filter((param) => isShown(param, module, node.params)).map((param) => (
        <Field key={param.name} node={forEach} param={param} params={node.params} readOnly={readOnly} />
      ))}
    </section>
  )
}
