/** All commands of the canvas page, by name and by key. */
import { tidy } from '../core/graph/layout'
import { currentCatalogue } from './catalogue'
import { currentGraph, redo, startStep, undo, useDocument } from './document'
import { chooseAll, copyChosen, duplicateChosen, moveNodes, nudgeChosen, removeChosen } from './edit'
import { cancel, useRun } from './run'
import { canRunAgain, isBusy, runAgain, runDraft, toggleStopEarly, useStopEarly } from './runDraft'
import { choose, onlyChosen, useSelection } from './selection'
import { goToSettings, openSearch, showTab, toggleMaximised, togglePanel, useView } from './view'

export interface Command {
  id: string
  title: string
  section: 'Run' | 'Edit' | 'Add' | 'Look'
  keys: string[]
  run(): void
  /** False when it would do nothing now. */
  can?(): boolean
  /** For toggles: the current state. */
  on?(): boolean
  /** It acts on the selection: a focused card is selected first. */
  onChosen?: true
  /** Shown in the keymap only: the browser or the pointer does it. */
  gesture?: true
}

const mayEdit = () => !useDocument.getState().readOnly
const hasChosen = () => useSelection.getState().nodes.size > 0
const chosen = () => [...useSelection.getState().nodes]
const mayRun = () => mayEdit() && !isBusy(useRun.getState())
const canvas = () => useView.getState().canvas

export async function tidyAll() {
  const graph = currentGraph()
  if (Object.keys(graph.nodes).length === 0) return
  const places = await tidy(graph, currentCatalogue())
  startStep()
  moveNodes(places)
  requestAnimationFrame(() => canvas()?.fit())
}

/** Opens the search below the single selected card, to add its successor; without one, at the pointer. */
export function searchModule() {
  const handle = canvas()
  if (!handle || !mayEdit()) return
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

export const commands: Command[] = [
  { id: 'run', title: 'Run all', section: 'Run', keys: ['mod+enter'], run: () => void runDraft(), can: mayRun },
  { id: 'run_to', get title() { return chosen().length > 1 ? 'Run selected' : 'Run to here' }, section: 'Run', keys: ['mod+shift+enter'], run: () => void runDraft({ to: chosen() }), can: () => mayRun() && hasChosen(), onChosen: true },
  { id: 'run_again', title: 'Run again from failure', section: 'Run', keys: [], run: () => void runAgain(), can: () => mayRun() && canRunAgain(useRun.getState()) },
  { id: 'run_force_chosen', title: 'Run again: selection', section: 'Run', keys: [], run: () => void runDraft({ force_nodes: chosen() }), can: () => mayRun() && hasChosen() },
  { id: 'run_force', title: 'Run again: everything', section: 'Run', keys: [], run: () => void runDraft({ force: true }), can: mayRun },
  { id: 'stop_early', title: 'Stop at the first failure', section: 'Run', keys: [], run: toggleStopEarly, can: mayEdit, on: () => useStopEarly.getState().on },
  { id: 'cancel', title: 'Cancel the run', section: 'Run', keys: ['mod+.'], run: () => void cancel(), can: () => mayEdit() && isBusy(useRun.getState()) },

  { id: 'search', title: 'Add a module after the selected one, or at the pointer', section: 'Add', keys: ['a', '/'], run: searchModule, can: mayEdit, onChosen: true },
  { id: 'add_double', title: 'Add a module there', section: 'Add', keys: ['doubleclick'], run: () => {}, gesture: true },
  { id: 'add_edge', title: 'Drop a wire on empty canvas: add what fits', section: 'Add', keys: ['drag'], run: () => {}, gesture: true },

  { id: 'undo', title: 'Undo', section: 'Edit', keys: ['mod+z'], run: undo, can: () => useDocument.getState().canUndo },
  { id: 'redo', title: 'Redo', section: 'Edit', keys: ['mod+shift+z', 'mod+y'], run: redo, can: () => useDocument.getState().canRedo },
  { id: 'copy', title: 'Copy', section: 'Edit', keys: ['mod+c'], run: () => {}, gesture: true },
  { id: 'cut', title: 'Cut', section: 'Edit', keys: ['mod+x'], run: () => {}, gesture: true },
  { id: 'paste', title: 'Paste', section: 'Edit', keys: ['mod+v'], run: () => {}, gesture: true },
  { id: 'copy_chosen', title: 'Copy the selection', section: 'Edit', keys: [], run: () => void copyToClipboard(), can: () => hasChosen() && 'clipboard' in navigator },
  { id: 'duplicate', title: 'Duplicate', section: 'Edit', keys: ['mod+d'], run: duplicateChosen, can: () => mayEdit() && hasChosen(), onChosen: true },
  { id: 'delete', title: 'Delete', section: 'Edit', keys: ['delete', 'backspace'], run: removeAndGoOn, can: mayEdit, onChosen: true },
  { id: 'all', title: 'Select all', section: 'Edit', keys: ['mod+a'], run: chooseAll },
  { id: 'none', title: 'Select nothing', section: 'Edit', keys: ['escape'], run: () => choose([]) },
  { id: 'left', title: 'Nudge', section: 'Edit', keys: ['arrows'], run: () => {}, gesture: true },
  { id: 'tidy', title: 'Tidy up', section: 'Edit', keys: ['l'], run: () => void tidyAll(), can: mayEdit },

  { id: 'settings', title: 'Settings of the module', section: 'Look', keys: ['enter'], run: () => goToSettings(), can: hasChosen, onChosen: true },
  { id: 'rename', title: 'Rename the module', section: 'Edit', keys: ['f2'], run: () => goToSettings('title'), can: () => mayEdit() && hasChosen(), onChosen: true },
  { id: 'back', title: 'Back from the settings to the module', section: 'Look', keys: ['escape'], run: () => {}, gesture: true },
  { id: 'toggle', title: 'Select or deselect the module with the focus', section: 'Look', keys: ['space'], run: () => {}, gesture: true },
  { id: 'fit', title: 'Fit everything', section: 'Look', keys: ['f'], run: () => canvas()?.fit() },
  { id: 'fit_chosen', title: 'Fit the selection', section: 'Look', keys: ['shift+f'], run: () => canvas()?.fit(chosen()), can: hasChosen, onChosen: true },
  { id: 'zoom_in', title: 'Zoom in', section: 'Look', keys: ['+', '='], run: () => canvas()?.zoom('in') },
  { id: 'zoom_out', title: 'Zoom out', section: 'Look', keys: ['-'], run: () => canvas()?.zoom('out') },
  { id: 'zoom_one', title: 'Actual size', section: 'Look', keys: ['0'], run: () => canvas()?.zoom('one') },
  { id: 'palette', title: 'Show or hide modules', section: 'Look', keys: ['['], run: () => togglePanel('palette'), can: mayEdit },
  { id: 'inspector', title: 'Show or hide settings', section: 'Look', keys: [']'], run: () => togglePanel('inspector') },
  { id: 'drawer', title: 'Show or hide results', section: 'Look', keys: ['\\'], run: () => togglePanel('drawer') },
  { id: 'maximise', title: 'Maximise or restore results', section: 'Look', keys: ['m'], run: toggleMaximised },
  { id: 'results', title: 'Show results of the module', section: 'Look', keys: [], run: () => showTab('results'), can: hasChosen },
  { id: 'log', title: 'Show the log of the module', section: 'Look', keys: [], run: () => showTab('log'), can: hasChosen },
  { id: 'problems', title: 'Show problems', section: 'Look', keys: ['p'], run: () => showTab('problems') },
  { id: 'outline', title: 'Open the outline', section: 'Look', keys: ['o'], run: () => useView.setState({ outline: true }) },
  { id: 'versions', title: 'Versions', section: 'Look', keys: ['v'], run: () => useView.setState({ versions: true }) },
  { id: 'commands', title: 'All commands', section: 'Look', keys: ['mod+k'], run: () => useView.setState({ commands: 'palette' }) },
  { id: 'keymap', title: 'Keys', section: 'Look', keys: ['?'], run: () => useView.setState({ commands: 'keymap' }) },
]

/** The given commands that are available; viewers get only those that change nothing. */
export function offered(ids: readonly string[]): Command[] {
  return ids.flatMap((id) => commands.find((command) => command.id === id) ?? []).filter(({ section }) => mayEdit() || section === 'Look')
}

const STEPS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Moves the selection with the arrow keys: by 10, or by 1 with Shift. */
export function nudgeBy(key: string, shift: boolean): boolean {
  const step = STEPS[key]
  if (!step || !hasChosen() || !mayEdit()) return false
  const far = shift ? 1 : 10
  nudgeChosen(step[0] * far, step[1] * far)
  return true
}
