export class ArchivesState {}
