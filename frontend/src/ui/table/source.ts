import type { Profile, Question, RowsPage } from '../../core/data/tables'

/** The source of a table's rows. A new key means another table. */
export interface TableSource {
  key: string
  rows: (question: Question, offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage>
  profile: Profile | undefined
  /** When it changes, the rows in view are fetched again; the earlier ones stay meanwhile. */
  version?: string
}
