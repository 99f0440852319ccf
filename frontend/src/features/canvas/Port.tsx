/** A port of a card: 12 pixels wide on screen, 24 pixels to hit, 44 by touch. */
import { Handle, Position } from '@xyflow/react'
import { memo, useState, type CSSProperties } from 'react'
import { count, metric } from '../../core/base/numbers'
import type { InputPort, Module, OutputPort } from '../../core/catalogue/catalogue'
import { labelLine, portLeft } from '../../core/graph/cardShape'
import { CARD_WIDTH, joinEnd } from '../../core/graph/graph'
import { portPlace } from '../../core/graph/groups'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { useRun } from '../../state/run'
import { choosePort, useSelection, type PlacedPort } from '../../state/selection'
import { setPanel, useView } from '../../state/view'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { isFresh } from './isFresh'
import classes from './Port.module.css'
import { PortTrend } from './PortTrend'
import { useOutside } from './useOutside'
import { useWiring } from './wiring'

interface Props {
  node: string
  port: InputPort | OutputPort
  side: 'input' | 'output'
  left: number
  /** Its label is on this line, from 0: labels that reach the same way have lines of their own. */
  line: number
  /** Without its size: seen from afar. */
  bare: boolean
}

function showResult(place: PlacedPort) {
  choosePort(place)
  useView.setState({ tab: 'results' })
  setPanel('drawer', true)
}

/** Rows by columns once they are known, as "135|25", or the first metric of a report, as "0.8942||AUC"; a string, so that it renders only on change. */
function useSize(node: string, port: string, wanted: boolean): string {
  return useRun((state) => {
    const output = wanted ? state.run?.steps[node]?.outputs[port] : undefined
    if (output?.headline) return `${metric(output.headline.value)}||${output.headline.title}`
    return output && output.rows !== null ? `${count(output.rows)}|${output.width ?? ''}` : ''
  })
}

const at = (left: number, line: number) => ({ left, '--line': line }) as CSSProperties

const sideOf = (left: number) => (left === CARD_WIDTH / 2 ? undefined : left < CARD_WIDTH / 2 ? 'left' : 'right')

type SizeProps = Pick<Props, 'left' | 'line'> & { place: PlacedPort; port: OutputPort; size: string }

/** A click opens the table or the report. The port's name is shown as well while the card is selected. */
function Size({ place, port, size, left, line }: SizeProps) {
  const [fresh] = useState(() => isFresh(place.node))
  const [figure, width, title] = size.split('|')
  const said = title ? `${title} ${figure}. Show the report.` : `${width ? `${figure} × ${width}` : figure} (rows × columns). Show the data.`
  return (
    <>
      <button type="button" className={`${classes.size} nodrag`} data-side={sideOf(left)} data-fresh={fresh || undefined} style={at(left, line)} onClick={() => showResult(place)} aria-label={`${port.title} ${said}`}>
        <i>{port.title} </i>{title && `${title} `}<b>{figure}</b>{width && ` × ${width}`}
      </button>
      {title && <PortTrend node={place.node} port={place.port} style={at(left, line)} />}
    </>
  )
}

function PortMark({ node, port, side, left, line, bare }: Props) {
  const end = joinEnd(node, port.name)
  const place = portPlace(node, port.name)
  const fit = useWiring(({ fits }) => (fits === null ? 'idle' : fits.side === side && fits.ends.has(end) ? 'fits' : 'dim'))
  const chosen = useSelection((state) => side === 'output' && state.port?.node === place.node && state.port.port === place.port)
  const readOnly = useDocument((state) => state.readOnly)
  const optional = 'optional' in port && port.optional
  const output = side === 'output'
  const kind = useCatalogue().kind(port.kind)
  const outside = useOutside(end, side)
  const words = `${port.title}: ${kind.words}${optional ? ', optional' : ''}${outside && `, ${output ? 'to' : 'from'} ${outside}`}`
  const size = useSize(place.node, place.port, output && !bare)
  return (
    <>
      <Handle
        id={port.name}
        type={output ? 'source' : 'target'}
        position={output ? Position.Bottom : Position.Top}
        className={classes.port}
        style={at(left, line)}
        isConnectable={!readOnly}
        role="img"
        aria-label={words}
        data-tip={words}
        data-name={port.title}
        data-side={sideOf(left)}
        data-sized={size ? true : undefined}
        data-fit={fit}
        data-chosen={chosen || undefined}
        data-optional={optional || undefined}
        data-outside={outside || undefined}
        onClick={output ? () => showResult(place) : undefined}
      >
        <PortKindIcon kind={kind} outlined />
      </Handle>
      {size && <Size place={place} port={port} size={size} left={left} line={line} />}
    </>
  )
}

const Port = memo(PortMark)

export function Ports({ id, module, bare }: { id: string; module: Module | undefined; bare: boolean }) {
  return (
    <>
      {module?.inputs.map((port, at) => <Port key={port.name} node={id} port={port} side="input" left={portLeft(at, module.inputs.length)} line={labelLine(at, module.inputs.length)} bare={bare} />)}
      {module?.outputs.map((port, at) => <Port key={port.name} node={id} port={port} side="output" left={portLeft(at, module.outputs.length)} line={labelLine(at, module.outputs.length)} bare={bare} />)}
    </>
  )
}
