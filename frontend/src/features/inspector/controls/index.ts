/** One control for each kind of setting; a kind without one does not compile. Options are settings themselves (`OptionsFields.tsx`). */
import type { ComponentType } from 'react'
import type { ParamKind } from '../../../core/catalogue/catalogue'
import { ChoiceControl, SwitchControl } from './ChoiceControls'
import { CodeControl } from './CodeControl'
import { ColumnControl } from './ColumnControl'
import { ColumnsControl } from './ColumnsControl'
import type { ControlProps } from './control'
import { ConnectionControl } from './ConnectionControl'
import { DatasetControl } from './DatasetControl'
import { ModelVersionControl } from './RegisteredModelControl'
import { NumberControl } from './NumberControl'
import { SeedControl } from './SeedControl'
import { SpaceControl } from './SpaceControl'
import { MultilineControl, TextControl } from './TextControl'

export const controls: Record<ParamKind, ComponentType<ControlProps>> = {
  number: NumberControl,
  integer: NumberControl,
  text: TextControl,
  multiline: MultilineControl,
  switch: SwitchControl,
  choice: ChoiceControl,
  seed: SeedControl,
  column: ColumnControl,
  columns: ColumnsControl,
  dataset: DatasetControl,
  model_version: ModelVersionControl,
  connection: ConnectionControl,
  code: CodeControl,
  options: () => null,
  space: SpaceControl,
}
