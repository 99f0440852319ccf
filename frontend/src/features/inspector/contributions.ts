import { hasChosen, mayEdit } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { goToSettings, togglePanel } from '../../state/view'

export const contributions: Contributions = {
  commands: [
    { id: 'settings', title: 'Settings of the module', section: 'Look', keys: ['enter'], run: () => goToSettings(), can: hasChosen, onChosen: true },
    { id: 'rename', title: 'Rename the module', section: 'Edit', keys: ['f2'], run: () => goToSettings('title'), can: () => mayEdit() && hasChosen(), onChosen: true },
    { id: 'back', title: 'Back from the settings to the module', section: 'Look', keys: ['escape'], run: () => {}, gesture: true },
    { id: 'inspector', title: 'Show or hide settings', section: 'Look', keys: [']'], run: () => togglePanel('inspector') },
  ],
}
