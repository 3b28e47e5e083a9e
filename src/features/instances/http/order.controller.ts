import { Body, Controller, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsArray, IsInt } from 'class-validator';
import type { RowOrder as Order } from '../../../contracts/row-order.js';
import { RowOrder } from '../row-order.js';

const sentence = { message: 'It is a list of the ids of all instances.' };

/** Body of `PUT /api/instances/order`. */
export class RowOrderDto implements Order {
  @ApiProperty({ type: [Number], description: 'Every instance once, in the order of the rows' })
  @IsArray(sentence)
  @IsInt({ ...sentence, each: true })
  ids!: number[];
}

/** The order of the rows. A fixed path goes before `/api/instances/{id}` in the router. */
@ApiTags('instances')
@Controller('api/instances')
export class RowOrderController {
  constructor(private readonly order: RowOrder) {}

  @Put('order')
  @ApiOperation({ summary: 'The order of the rows, for everybody' })
  @ApiOkResponse({ type: RowOrderDto })
  async arrange(@Body() { ids }: RowOrderDto): Promise<Order> {
    await this.order.arrange(ids);
    return { ids };
  }
}
