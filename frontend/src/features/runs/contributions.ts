import type { Contributions } from '../../state/contributions'
import { HistoryTab, TimelineTab } from './RunTabs'

export const contributions: Contributions = {
  tabs: [
    { id: 'timeline', title: 'Timeline', order: 30, Panel: TimelineTab },
    { id: 'history', title: 'Runs', order: 40, Panel: HistoryTab },
  ],
}
