import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { ShelvesController } from './shelves.controller.js';
import { ShelvesService } from './shelves.service.js';

@Module({ controllers: [HealthController, ShelvesController], providers: [ShelvesService] })
export class AppModule {}
