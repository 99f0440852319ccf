/** The same graph as a list, with full editing: for the keyboard and for screen readers. */
import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { IconBoxModel2 } from '@tabler/icons-react'
import { nodeTitle } from '../../core/graph/connect'
import { edgeKey, splitEnd, type Graph } from '../../core/graph/graph'
import { flowOrder } from '../../core/graph/flowOrder'
import { counted } from '../../core/base/numbers'
import { mostSevere } from '../../core/base/problems'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { enter, leave, real, useDrawn, withFolded } from '../../state/drawn'
import { addNode, disconnect, removeChosen } from '../../state/edit'
import { useRun } from '../../state/run'
import { choose, onlyChosen, useSelection } from '../../state/selection'
import { goToSettings, showTab, useView } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { markOf } from '../../ui/markOf'
import { Picker } from '../../ui/Picker'
import { STATE_WORDS } from '../../ui/StateMark'
import classes from './Outline.module.css'
import { endWords, OutlineConnect } from './OutlineConnect'
import { useFolded } from './useFolded'

function Add() {
  const { modules } = useCatalogue()
  const add = (id: string | null) => {
    const place = useView.getState().canvas?.middle()
    if (id && place) addNode(id, place, { anywhere: true, after: onlyChosen(useSelection.getState()) })
  }
  return <Picker label="Add a module" placeholder="Module name" value={null} entries={() => modules.map(({ id, title }) => ({ value: id, label: title }))} onChange={add} unknown={(typed) => `No module matches “${typed}”.`} />
}

/** Closes the outline and continues elsewhere, once it has returned the focus. */
function closeAnd(there: () => void) {
  useView.setState({ outline: false })
  setTimeout(there, LEAVING)
}

/** Deletes the open entry and moves to its neighbour. */
function remove() {
  const next = removeChosen()
  if (next) requestAnimationFrame(() => document.getElementById(entryId(next))?.focus())
}

const entryId = (node: string) => `outline-${node}`
const LEAVING = 150

function Item({ node, graph, open }: { node: string; graph: Graph; open: boolean }) {
  const catalogue = withFolded(useCatalogue())
  const folded = useDrawn((state) => state.members.has(node))
  const step = useRun((state) => state.run?.steps[node])
  const together = useFolded(node)
  const own = useCheck((state) => state.byNode[node])
  const problems = folded && together.problems.length > 0 ? together.problems : own
  const readOnly = useDocument((state) => state.readOnly)
  const wires = graph.edges.filter(([from]) => splitEnd(from).node === node)
  return (
    <li>
      <button type="button" id={entryId(node)} className={classes.node} aria-expanded={open} onClick={() => choose([node])}>
        <span>{nodeTitle(graph, catalogue, node)}</span>
        <span className={classes.faint}>{[step && STATE_WORDS[markOf(step)], together.state && STATE_WORDS[together.state], problems && (mostSevere(problems) === 'unfinished' ? 'Not finished' : counted(problems.length, 'problem'))].filter(Boolean).join(', ')}</span>
      </button>
      {open && (
        <Stack gap={6} className={classes.details}>
          {problems?.map((problem, at) => <Text key={at} fz={12}>{problem.words} {problem.remedy}</Text>)}
          {wires.map((edge) => (
            <Group key={edgeKey(edge)} justify="space-between" gap="xs" wrap="nowrap">
              <Text fz={12}>{endWords(graph, edge[0], 'output')} → {endWords(graph, edge[1], 'input')}</Text>
              {!readOnly && <Button size="compact-xs" variant="default" flex="none" onClick={() => disconnect([edgeKey(real(edge))])}>Disconnect</Button>}
            </Group>
          ))}
          {!readOnly && <OutlineConnect node={node} graph={graph} />}
          <Group gap="xs">
            {folded && <Button size="compact-xs" variant="default" onClick={() => enter(node)}>Open</Button>}
            <Button size="compact-xs" variant="default" onClick={() => closeAnd(() => goToSettings())}>Settings</Button>
            {step && <Button size="compact-xs" variant="default" onClick={() => closeAnd(() => showTab('results'))}>Results</Button>}
            {!readOnly && <Button size="compact-xs" variant="default" onClick={remove}>Delete</Button>}
          </Group>
        </Stack>
      )}
    </li>
  )
}

function List() {
  const nodes = useDrawn((state) => state.nodes)
  const edges = useDrawn((state) => state.edges)
  const left = useDrawn((state) => state.path.at(-1))
  const title = useDocument((state) => state.groups[left ?? '']?.title)
  const readOnly = useDocument((state) => state.readOnly)
  const chosen = useSelection((state) => state.nodes)
  const graph = { nodes, edges }
  const ids = flowOrder(graph)
  return (
    <Stack gap="sm">
      {left && <Button variant="default" onClick={leave}>Leave “{title}”</Button>}
      {!readOnly && <Add />}
      <ol className={classes.list} aria-label="Modules in the order of the flow">
        {ids.map((id) => <Item key={id} node={id} graph={graph} open={chosen.has(id)} />)}
      </ol>
      {ids.length === 0 && <Empty title="No modules yet" icon={IconBoxModel2}>Add the first one above.</Empty>}
    </Stack>
  )
}

export function Outline() {
  const opened = useView((view) => view.outline)
  return (
    <Drawer opened={opened} onClose={() => useView.setState({ outline: false })} title="Outline" position="left" size={360} transitionProps={{ duration: 100 }} closeButtonProps={{ 'aria-label': 'Close outline' }}>
      <List />
    </Drawer>
  )
}
