import { hasChosen, mayEdit, mayRun } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { chosenNodes } from '../../state/drawn'
import { cancel, useRun } from '../../state/run'
import { canRunAgain, isBusy, runAgain, runDraft, toggleStopEarly, useStopEarly } from '../../state/runDraft'

export const contributions: Contributions = {
  commands: [
    { id: 'run', title: 'Run all', section: 'Run', keys: ['mod+enter'], run: () => void runDraft(), can: mayRun },
    { id: 'run_to', get title() { return chosenNodes().length > 1 ? 'Run selected' : 'Run to here' }, section: 'Run', keys: ['mod+shift+enter'], run: () => void runDraft({ to: chosenNodes() }), can: () => mayRun() && hasChosen(), onChosen: true },
    { id: 'run_again', title: 'Re-run from failure', section: 'Run', keys: [], run: () => void runAgain(), can: () => mayRun() && canRunAgain(useRun.getState()) },
    { id: 'run_force_chosen', title: 'Re-run selected (ignore cache)', section: 'Run', keys: [], run: () => void runDraft({ force_nodes: chosenNodes() }), can: () => mayRun() && hasChosen() },
    { id: 'run_force', title: 'Re-run all (ignore cache)', section: 'Run', keys: [], run: () => void runDraft({ force: true }), can: mayRun },
    { id: 'stop_early', title: 'Stop on first failure', section: 'Run', keys: [], run: toggleStopEarly, can: mayEdit, on: () => useStopEarly.getState().on },
    { id: 'cancel', title: 'Cancel run', section: 'Run', keys: ['mod+.'], run: () => void cancel(), can: () => mayEdit() && isBusy(useRun.getState()) },
  ],
}
