import type { Contributions } from '../../state/contributions'
import { useView } from '../../state/view'

export const contributions: Contributions = {
  commands: [
    { id: 'commands', title: 'All commands', section: 'View', keys: ['mod+k'], run: () => useView.setState({ commands: 'palette' }) },
    { id: 'keymap', title: 'Keyboard shortcuts', section: 'View', keys: ['?'], run: () => useView.setState({ commands: 'keymap' }) },
  ],
}
