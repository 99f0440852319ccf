import type { Contributions } from '../../state/contributions'
import { showTab } from '../../state/view'
import { ProblemCount, Problems } from './Problems'

export const contributions: Contributions = {
  tabs: [{ id: 'problems', title: 'Problems', order: 50, Panel: Problems, Badge: ProblemCount }],
  commands: [{ id: 'problems', title: 'Show problems', section: 'View', keys: ['p'], run: () => showTab('problems') }],
}
