import { hierarchy, treemap } from 'd3-hierarchy';
import { type WeightNode, weightOf } from './picture.ts';

/** Width of the area that boxes are laid out on, in pixels; it is stretched to that of the window. */
export const treemapWidth = 1000;

/** Room for the label of a box that holds others. */
const headerHeight = 20;
const gap = 2;

/** Boxes that are narrower or lower than this cannot be seen, and not be hit. */
const smallest = 4;

/** A box of the treemap. */
export interface TreemapBox {
  readonly node: WeightNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 1 for the parts of the whole. */
  readonly depth: number;
  /** True where other boxes lie within it. */
  readonly hasBoxes: boolean;
  /** Between 0 and 1: how much of the whole it is. */
  readonly share: number;
}

/** Lays out what a whole consists of as boxes whose area is their weight; outer boxes come before those within them. */
export function treemapBoxes(whole: WeightNode, height: number): readonly TreemapBox[] {
  const tree = hierarchy<WeightNode>(whole, ({ children }) => children)
    // The weight of a box is that of what lies within it, or else what it says of itself.
    .sum((node) => (node.children.length === 0 ? weightOf(node) : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const total = tree.value ?? 0;
  if (total <= 0) {
    return [];
  }
  const laidOut = treemap<WeightNode>()
    .size([treemapWidth, height])
    .paddingInner(gap)
    .paddingOuter((node) => (node.depth > 0 ? gap : 0))
    .paddingTop((node) => (node.depth > 0 && node.children !== undefined ? headerHeight : 0))
    .round(true)(tree);
  const isSeen = (box: { x0: number; x1: number; y0: number; y1: number }): boolean =>
    box.x1 - box.x0 >= smallest && box.y1 - box.y0 >= smallest;
  return laidOut
    .descendants()
    .filter((box) => box.depth > 0 && isSeen(box))
    .map((box) => ({
      node: box.data,
      x: box.x0,
      y: box.y0,
      width: box.x1 - box.x0,
      height: box.y1 - box.y0,
      depth: box.depth,
      hasBoxes: box.children?.some(isSeen) === true,
      share: (box.value ?? 0) / total,
    }));
}
