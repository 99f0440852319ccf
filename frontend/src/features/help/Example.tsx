import { Link } from 'wouter'
import type { Json } from '../../core/base/json'
import { differences } from '../../core/catalogue/describe'
import type { GraphDocument, GraphNode } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { helpAddress } from '../../state/help'
import { Box } from '../../ui/Box'
import { Tile } from '../../ui/Tile'
import classes from './help.module.css'

function Step({ node, own }: { node: GraphNode; own: boolean }) {
  const catalogue = useCatalogue()
  const module = catalogue.module(node.module)
  if (!module) return null
  const told = differences(module, node.params).join(', ')
  return (
    <li className={classes.step}>
      <Tile icon={module.icon} hue={catalogue.hue(module.shelf)} />
      <span>{own ? <strong>{module.title}</strong> : <Link href={helpAddress(module.id)}>{module.title}</Link>}{told && <span className={classes.soft}>{told}</span>}</span>
    </li>
  )
}

/** The steps of the example from the data on, or why there is none. */
export function Example({ graph, without, module }: { graph: Json; without: string; module: string }) {
  if (graph === null) return <Box title="Example"><p className={classes.none}>{without}</p></Box>
  const nodes = Object.entries((graph as unknown as GraphDocument).nodes)
  return (
    <Box title="Example" end={<span className={classes.soft}>On sample data; it opens as a pipeline of your own</span>}>
      <ol className={classes.steps}>{nodes.map(([id, node]) => <Step key={id} node={node} own={node.module === module} />)}</ol>
    </Box>
  )
}
