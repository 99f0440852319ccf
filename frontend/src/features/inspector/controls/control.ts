/** The props of every control. */
import type { Param } from '../../../core/catalogue/catalogue'
import type { Json } from '../../../core/base/json'
import type { Column } from '../../../core/data/tables'

export interface ControlProps {
  id: string
  /** The module whose setting it is; null for settings of the canvas itself. */
  node: string | null
  param: Param
  value: Json
  /** `undefined` restores the default. */
  onChange(value: Json | undefined): void
  /** The columns at the setting's input; null while they are unknown. */
  columns: Column[] | null
  readOnly: boolean
  /** The unit of a number; a number with a unit has no slider. */
  unit?: string
}
