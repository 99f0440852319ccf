import type { Contributions } from '../../state/contributions'
import { chosenModule, openHelp } from '../../state/help'

function openChosen() {
  const module = chosenModule()
  if (module) openHelp(module)
}

export const contributions: Contributions = {
  commands: [{ id: 'module_help', title: 'Module help', section: 'View', keys: ['h'], run: openChosen, can: () => chosenModule() !== undefined, onChosen: true }],
}
