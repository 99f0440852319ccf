import { Text } from '@mantine/core'
import type { Block, Report } from '../../core/data/reports'
import { Chart } from '../chart/Chart'
import { Empty } from '../Empty'
import { Figures } from './Figures'
import classes from './report.module.css'
import { ReportTable } from './ReportTable'
import { Threshold } from './Threshold'

/** The report of an evaluation or a model: figures, a threshold slider, charts and tables, in the given order. */
export function ReportView({ report }: { report: Report }) {
  if (report.blocks.length === 0) return <Empty title="Nothing to report" />
  return (
    <article className={classes.report}>
      <header className={classes.head}>{report.title && <Text component="h2" fw={600} size="lg" m={0}>{report.title}</Text>}</header>
      <div className={classes.blocks}>
        {report.blocks.map((block, index) => (
          <section key={index} className={classes.block} data-type={block.type}>
            <BlockView block={block} />
          </section>
        ))}
      </div>
    </article>
  )
}

function Picture({ title, image }: { title: string; image: string }) {
  return (
    <figure className={classes.picture}>
      <Text component="figcaption" fw={600} size="sm">{title}</Text>
      <img src={image} alt={title} />
    </figure>
  )
}

function BlockView({ block }: { block: Block }) {
  switch (block.type) {
    case 'figures': return <Figures block={block} />
    case 'threshold': return <Threshold block={block} />
    case 'chart': return <Chart title={block.title} description={block.description} spec={block.spec} />
    case 'table': return <ReportTable block={block} />
    case 'picture': return <Picture title={block.title} image={block.image} />
  }
}
