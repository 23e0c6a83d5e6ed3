import { Injectable } from '@nestjs/common';

const shelves: Readonly<Record<string, readonly string[]>> = {
  atlases: ['The Coast', 'The Mountains'],
  cookery: ['Bread'],
};

@Injectable()
export class ShelvesService {
  booksOf(name: string): readonly string[] {
    return shelves[name] ?? [];
  }
}
