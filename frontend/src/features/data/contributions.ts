import { hasChosen } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { askToRegister, canRegister } from '../../state/registering'
import { showTab, toggleMaximised, togglePanel } from '../../state/view'
import { ReportResults } from './ReportResults'
import { ResultsTab } from './ResultsTab'
import { TableResults } from './TableResults'

export const contributions: Contributions = {
  tabs: [{ id: 'results', title: 'Results', order: 10, Panel: ResultsTab }],
  results: { table: TableResults, transform: ReportResults, untrained_model: ReportResults },
  commands: [
    { id: 'drawer', title: 'Show or hide results', section: 'View', keys: ['\\'], run: () => togglePanel('drawer') },
    { id: 'maximise', title: 'Show results in full screen, or restore them', section: 'View', keys: ['shift+enter', 'm'], run: toggleMaximised },
    { id: 'register', title: 'Register model', section: 'Run', keys: [], run: askToRegister, can: canRegister, whenPossible: true },
    { id: 'results', title: 'Show module results', section: 'View', keys: [], run: () => showTab('results'), can: hasChosen },
  ],
}
