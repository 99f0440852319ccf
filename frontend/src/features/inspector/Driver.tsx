/** Under the control of a driven setting: the parameter that it comes from. */
import { UnstyledButton } from '@mantine/core'
import { labelOf } from '../../core/graph/parameters'
import { useDocument } from '../../state/document'
import { showParameter } from './showParameter'
import classes from './Inspector.module.css'

export function Driver({ name }: { name: string }) {
  const parameter = useDocument((state) => state.parameters[name])
  return (
    <div className={classes.driver}>
      {parameter ? <>From the parameter <UnstyledButton className={classes.link} onClick={() => showParameter(name)}>{labelOf(name, parameter)}</UnstyledButton></> : <>The parameter {name} does not exist.</>}
    </div>
  )
}
