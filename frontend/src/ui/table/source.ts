import type { Profile, Question, RowsPage } from '../../core/tables'

/** Where a table's rows come from. A new key means another table. */
export interface TableSource {
  key: string
  rows: (question: Question, offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage>
  profile: Profile | undefined
}
