import { notifications } from '@mantine/notifications'
import { tidy } from '../../core/graph/layout'
import { currentCatalogue } from '../../state/catalogue'
import { chosen, hasChosen, mayEdit } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { redo, startStep, undo, useDocument } from '../../state/document'
import { chosenGroup, currentDrawing, enter, leave, useDrawn, withFolded } from '../../state/drawn'
import { chooseAll, copyChosen, duplicateChosen, moveNodes, removeChosen } from '../../state/edit'
import { foldChosen, unfoldChosen } from '../../state/groups'
import { choose, onlyChosen, useSelection } from '../../state/selection'
import { openSearch, useView } from '../../state/view'
import { openInsert } from './openInsert'
import { travel } from './travel'

const canvas = () => useView.getState().canvas

async function tidyAll() {
  const graph = currentDrawing()
  if (Object.keys(graph.nodes).length === 0) return
  const places = await tidy(graph, withFolded(currentCatalogue()))
  startStep()
  travel(Object.keys(graph.nodes).length, () => moveNodes(places))
  requestAnimationFrame(() => canvas()?.fit())
}

/** The single selected wire. */
function onlyWire(): string | undefined {
  const { nodes, edges } = useSelection.getState()
  return nodes.size === 0 && edges.size === 1 ? [...edges][0] : undefined
}

/** Opens the search within the single selected wire, or below the single selected card to add its successor; without one, at the pointer. */
function searchModule() {
  const handle = canvas()
  if (!handle || !mayEdit()) return
  const wire = onlyWire()
  if (wire) return openInsert(wire)
  const after = onlyChosen(useSelection.getState())
  openSearch({ at: (after && handle.onScreen(after)) || handle.pointerOnScreen(), place: handle.pointer(), after })
}

async function copyToClipboard() {
  const text = copyChosen()
  if (text !== null) await navigator.clipboard.writeText(text)
}

function removeAndGoOn() {
  const next = removeChosen()
  canvas()?.focus(next)
}

function duplicateAndShow() {
  duplicateChosen()
  const [first] = useSelection.getState().nodes
  if (first) canvas()?.reveal(first)
}

function fold() {
  const refusal = foldChosen()
  if (refusal) notifications.show({ message: refusal })
  else canvas()?.focus(chosenGroup())
}

/** Escape: what is selected first, then the way out. */
function clearOrLeave() {
  const { nodes, edges } = useSelection.getState()
  if (nodes.size + edges.size > 0) choose([])
  else leave()
}

export const contributions: Contributions = {
  commands: [
    { id: 'search', title: 'Add a module after the selected one, on the selected connection, or at the pointer', section: 'Add', keys: ['a'], run: searchModule, can: mayEdit, onChosen: true },
    { id: 'add_double', title: 'Add a module at the pointer', section: 'Add', keys: ['doubleclick'], run: () => {}, gesture: true },
    { id: 'add_edge', title: 'Drag a connection to an empty area to add a matching module', section: 'Add', keys: ['drag'], run: () => {}, gesture: true },

    { id: 'undo', title: 'Undo', section: 'Edit', keys: ['mod+z'], run: undo, can: () => useDocument.getState().canUndo },
    { id: 'redo', title: 'Redo', section: 'Edit', keys: ['mod+shift+z', 'mod+y'], run: redo, can: () => useDocument.getState().canRedo },
    { id: 'copy', title: 'Copy', section: 'Edit', keys: ['mod+c'], run: () => {}, gesture: true },
    { id: 'cut', title: 'Cut', section: 'Edit', keys: ['mod+x'], run: () => {}, gesture: true },
    { id: 'paste', title: 'Paste', section: 'Edit', keys: ['mod+v'], run: () => {}, gesture: true },
    { id: 'copy_chosen', title: 'Copy selection', section: 'Edit', keys: [], run: () => void copyToClipboard(), can: () => hasChosen() && 'clipboard' in navigator },
    { id: 'duplicate', title: 'Duplicate', section: 'Edit', keys: ['mod+d'], run: duplicateAndShow, can: () => mayEdit() && hasChosen(), onChosen: true },
    { id: 'delete', title: 'Delete', section: 'Edit', keys: ['delete', 'backspace'], run: removeAndGoOn, can: mayEdit, onChosen: true },
    { id: 'all', title: 'Select all', section: 'Edit', keys: ['mod+a'], run: chooseAll },
    { id: 'none', title: 'Clear selection, or leave the sub-pipeline', section: 'Edit', keys: ['escape'], run: clearOrLeave },
    { id: 'left', title: 'Nudge', section: 'Edit', keys: ['arrows'], run: () => {}, gesture: true },
    { id: 'fold', title: 'Fold into a sub-pipeline', section: 'Edit', keys: ['mod+g'], run: fold, can: () => mayEdit() && hasChosen(), onChosen: true },
    { id: 'unfold', title: 'Unfold the sub-pipeline', section: 'Edit', keys: ['mod+shift+g'], run: unfoldChosen, can: () => mayEdit() && chosenGroup() !== null, onChosen: true },
    { id: 'tidy', title: 'Tidy up', section: 'Edit', keys: ['l'], run: () => void tidyAll(), can: mayEdit },

    { id: 'toggle', title: 'Select or deselect the focused module', section: 'View', keys: ['space'], run: () => {}, gesture: true },
    { id: 'enter', title: 'Open the sub-pipeline', section: 'View', keys: [], run: () => enter(chosenGroup()), can: () => chosenGroup() !== null, onChosen: true },
    { id: 'leave', title: 'Leave the sub-pipeline', section: 'View', keys: [], run: leave, can: () => useDrawn.getState().level !== null },
    { id: 'fit', title: 'Zoom to fit', section: 'View', keys: ['f'], run: () => canvas()?.fit() },
    { id: 'fit_chosen', title: 'Zoom to selection', section: 'View', keys: ['shift+f'], run: () => canvas()?.fit(chosen()), can: hasChosen, onChosen: true },
    { id: 'zoom_in', title: 'Zoom in', section: 'View', keys: ['+', '='], run: () => canvas()?.zoom('in') },
    { id: 'zoom_out', title: 'Zoom out', section: 'View', keys: ['-'], run: () => canvas()?.zoom('out') },
    { id: 'zoom_one', title: 'Zoom to 100\u00a0%', section: 'View', keys: ['0'], run: () => canvas()?.zoom('one') },
    { id: 'outline', title: 'Show outline', section: 'View', keys: ['o'], run: () => useView.setState({ outline: true }) },
  ],
}
