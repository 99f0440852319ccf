import { hasChosen, mayEdit } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { chosenGroup, enter } from '../../state/drawn'
import { goToSettings, togglePanel } from '../../state/view'

/** Enter goes into a sub-pipeline. */
function settingsOrInside() {
  const group = chosenGroup()
  if (group) enter(group)
  else goToSettings()
}

export const contributions: Contributions = {
  commands: [
    { id: 'settings', title: 'Module settings, or into the sub-pipeline', section: 'View', keys: ['enter'], run: settingsOrInside, can: hasChosen, onChosen: true },
    { id: 'rename', title: 'Rename module', section: 'Edit', keys: ['f2'], run: () => goToSettings('title'), can: () => mayEdit() && hasChosen(), onChosen: true },
    { id: 'back', title: 'Return from the settings to the canvas', section: 'View', keys: ['escape'], run: () => {}, gesture: true },
    { id: 'inspector', title: 'Show or hide settings', section: 'View', keys: [']'], run: () => togglePanel('inspector') },
  ],
}
