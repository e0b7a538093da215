"""The database: models, queries, encryption and migrations. Rules live in casework, words in locales."""
