import { Portal } from '@mantine/core'
import classes from './chart.module.css'

export interface Tip {
  x: number
  y: number
  lines: [name: string, text: string][]
}

/** The values of the mark under the pointer, on the side of the pointer that has space. */
export function TooltipBox({ tip: { x, y, lines } }: { tip: Tip }) {
  const left = x > window.innerWidth / 2
  const above = y > window.innerHeight / 2
  return (
    <Portal>
      <div className={classes.tip} style={{ left: x, top: y, transform: `translate(${left ? 'calc(-100% - 10px)' : '10px'}, ${above ? 'calc(-100% - 6px)' : '10px'})` }}>
        <table>
          <tbody>
            {lines.map(([name, text]) => <tr key={name}>{name && <th scope="row">{name}</th>}<td>{text}</td></tr>)}
          </tbody>
        </table>
      </div>
    </Portal>
  )
}
