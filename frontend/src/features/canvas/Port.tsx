/** A port of a card: 12 pixels wide on screen, 24 pixels to hit. */
import { Handle, Position } from '@xyflow/react'
import { memo } from 'react'
import type { InputPort, OutputPort } from '../../core/catalogue/catalogue'
import { joinEnd } from '../../core/graph/graph'
import { count } from '../../core/base/numbers'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { useRun } from '../../state/run'
import { choosePort, useSelection } from '../../state/selection'
import { setPanel, useView } from '../../state/view'
import { PortKindIcon } from '../../ui/PortKindIcon'
import classes from './Port.module.css'
import { useWiring } from './wiring'

interface Props {
  node: string
  port: InputPort | OutputPort
  side: 'input' | 'output'
  left: number
}

function showResult(node: string, port: string) {
  choosePort({ node, port })
  useView.setState({ tab: 'results' })
  setPanel('drawer', true)
}

/** Rows by columns, once they are known; a click opens the table. */
function Size({ node, port, left }: { node: string; port: string; left: number }) {
  const words = useRun((state) => {
    const output = state.run?.steps[node]?.outputs[port]
    if (!output || output.rows === null) return null
    return output.width ? `${count(output.rows)} × ${output.width}` : count(output.rows)
  })
  if (words === null) return null
  return (
    <button type="button" className={`${classes.size} nodrag figures`} style={{ left }} onClick={() => showResult(node, port)} aria-label={`${words} (rows × columns). Show the data.`}>
      {words}
    </button>
  )
}

function PortMark({ node, port, side, left }: Props) {
  const end = joinEnd(node, port.name)
  const fit = useWiring(({ fits }) => (fits === null ? 'idle' : fits.side === side && fits.ends.has(end) ? 'fits' : 'dim'))
  const chosen = useSelection((state) => side === 'output' && state.port?.node === node && state.port.port === port.name)
  const readOnly = useDocument((state) => state.readOnly)
  const optional = 'optional' in port && port.optional
  const output = side === 'output'
  const kind = useCatalogue().kind(port.kind)
  const words = `${port.title}: ${kind.words}${optional ? ', optional' : ''}`
  return (
    <>
      <Handle
        id={port.name}
        type={output ? 'source' : 'target'}
        position={output ? Position.Bottom : Position.Top}
        className={classes.port}
        style={{ left }}
        isConnectable={!readOnly}
        role="img"
        aria-label={words}
        data-tip={words}
        data-fit={fit}
        data-chosen={chosen || undefined}
        data-optional={optional || undefined}
        onClick={output ? () => showResult(node, port.name) : undefined}
      >
        <PortKindIcon kind={kind} />
      </Handle>
      {output && <Size node={node} port={port.name} left={left} />}
    </>
  )
}

export const Port = memo(PortMark)
