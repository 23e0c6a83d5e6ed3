import { Controller, Get, Param } from '@nestjs/common';
import { ShelvesService } from './shelves.service.js';

@Controller('shelves')
export class ShelvesController {
  constructor(private readonly shelves: ShelvesService) {}

  @Get(':name')
  read(@Param('name') name: string): { name: string; books: readonly string[] } {
    return { name, books: this.shelves.booksOf(name) };
  }
}
