select 6 * 7;
