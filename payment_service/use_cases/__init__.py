"""One verb for each file; its one public function has the file's name and is one transaction."""
