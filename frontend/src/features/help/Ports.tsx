import type { InputPort } from '../../core/catalogue/catalogue'
import { useCatalogue } from '../../state/catalogue'
import { Box } from '../../ui/Box'
import list from '../../ui/list.module.css'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { InlineProse } from '../../ui/Prose'
import classes from './help.module.css'

function Side({ title, ports }: { title: string; ports: InputPort[] }) {
  const catalogue = useCatalogue()
  if (ports.length === 0) return null
  return (
    <tbody>
      <tr className={classes.group}><th colSpan={3} scope="rowgroup">{title}</th></tr>
      {ports.map(({ name, title: words, kind, optional, multiple, help }) => (
        <tr key={name}>
          <th scope="row">{words}</th>
          <td><span className={classes.kind}><PortKindIcon kind={catalogue.kind(kind)} size={10} />{[catalogue.kind(kind).words, optional && 'optional', multiple && 'several'].filter(Boolean).join(', ')}</span></td>
          <td className={list.wrapped}><InlineProse text={help} /></td>
        </tr>
      ))}
    </tbody>
  )
}

export function Ports({ inputs, outputs }: { inputs: InputPort[]; outputs: InputPort[] }) {
  if (inputs.length + outputs.length === 0) return null
  return (
    <Box title="Ports">
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Table of ports">
        <table className={list.list}><Side title="Inputs" ports={inputs} /><Side title="Outputs" ports={outputs} /></table>
      </div>
    </Box>
  )
}
