import { mayEdit } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { togglePanel } from '../../state/view'

export const contributions: Contributions = {
  commands: [{ id: 'palette', title: 'Show or hide modules', section: 'View', keys: ['['], run: () => togglePanel('palette'), can: mayEdit }],
}
