export { LoadingPalette } from './LoadingPalette'
export { Palette } from './Palette'
