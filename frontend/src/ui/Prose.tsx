/** A help text with its lists, code and links, as elements: nothing in it is taken as HTML. */
import { readMarkup, readSpans, type Span } from '../core/base/markup'
import classes from './Prose.module.css'

function Words({ span }: { span: Span }) {
  if (span.kind === 'code') return <code>{span.text}</code>
  if (span.kind === 'link') return <a href={span.href} target="_blank" rel="noopener noreferrer">{span.text}</a>
  return span.text
}

const Spans = ({ spans }: { spans: Span[] }) => spans.map((span, at) => <Words key={at} span={span} />)

/** One line of it, within another element. */
export const InlineProse = ({ text }: { text: string }) => <span className={classes.prose}><Spans spans={readSpans(text)} /></span>

export function Prose({ text }: { text: string }) {
  return (
    <div className={classes.prose}>
      {readMarkup(text).map((block, at) => {
        if (block.kind === 'paragraph') return <p key={at}><Spans spans={block.spans} /></p>
        const items = block.items.map((spans, item) => <li key={item}><Spans spans={spans} /></li>)
        return block.ordered ? <ol key={at}>{items}</ol> : <ul key={at}>{items}</ul>
      })}
    </div>
  )
}
