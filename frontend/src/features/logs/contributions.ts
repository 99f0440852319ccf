import { hasChosen } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { showTab } from '../../state/view'
import { LogTab } from './LogTab'

export const contributions: Contributions = {
  tabs: [{ id: 'log', title: 'Log', order: 20, Panel: LogTab }],
  commands: [{ id: 'log', title: 'Show module log', section: 'View', keys: [], run: () => showTab('log'), can: hasChosen }],
}
