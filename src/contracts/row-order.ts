/** Body and answer of `PUT /api/instances/order`: every instance once, in the order of the rows. */
export interface RowOrder {
  ids: number[];
}
