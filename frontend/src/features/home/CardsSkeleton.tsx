import { Skeleton } from '@mantine/core'
import classes from './Home.module.css'
import thumbnail from './Thumbnail.module.css'

const CARDS = [1, 2, 3, 4, 5, 6]

/** Cards that are loading, in their final size. */
export function CardsSkeleton() {
  return (
    <div className={classes.grid} aria-busy>
      {CARDS.map((key) => (
        <div key={key} className={classes.card}>
          <span className={thumbnail.thumbnail} />
          <span className={classes.words}><Skeleton h={12} w="48%" my={4} /><Skeleton h={12} w="64%" my={4} /></span>
        </div>
      ))}
    </div>
  )
}
