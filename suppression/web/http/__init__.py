"""What the views share: authentication, bodies, forms, limits and problems."""
