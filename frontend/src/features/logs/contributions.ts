import { hasChosen } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { showTab } from '../../state/view'
import { LogTab } from './LogTab'

export const contributions: Contributions = {
  tabs: [{ id: 'log', title: 'Log', order: 20, Panel: LogTab }],
  commands: [{ id: 'log', title: 'Show the log of the module', section: 'Look', keys: [], run: () => showTab('log'), can: hasChosen }],
}
