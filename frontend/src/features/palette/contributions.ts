import { mayEdit } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { useDocument } from '../../state/document'
import { goToPalette, togglePanel } from '../../state/view'

export const contributions: Contributions = {
  commands: [
    { id: 'find_module', title: 'Search modules and data', section: 'Add', keys: ['/'], run: goToPalette, can: () => !useDocument.getState().readOnly },
    { id: 'palette', title: 'Show or hide modules', section: 'View', keys: ['['], run: () => togglePanel('palette'), can: mayEdit },
  ],
}
