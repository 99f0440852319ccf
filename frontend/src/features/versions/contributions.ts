import type { Contributions } from '../../state/contributions'
import { useView } from '../../state/view'

export const contributions: Contributions = {
  commands: [{ id: 'versions', title: 'Versions', section: 'View', keys: ['v'], run: () => useView.setState({ versions: true }) }],
}
