"""Papers that are made when they are sent: PDFs, pictures, files from the store."""
