/** The style that sets the hue of an element with the class `shelf`, see tokens.css. */
import type { CSSProperties } from 'react'

export const hueStyle = (hue: number): CSSProperties => ({ '--hue': hue }) as CSSProperties
