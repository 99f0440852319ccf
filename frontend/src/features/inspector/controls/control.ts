/** What every control is given. */
import type { Param } from '../../../core/catalogue'
import type { Json } from '../../../core/graph'
import type { Column } from '../../../core/tables'

export interface ControlProps {
  id: string
  param: Param
  value: Json
  /** `undefined` goes back to the default. */
  onChange(value: Json | undefined): void
  /** The columns that arrive at the setting's port; null while they are not known. */
  columns: Column[] | null
  readOnly: boolean
  /** What a number counts; a number with a unit has no slider. */
  unit?: string
}
