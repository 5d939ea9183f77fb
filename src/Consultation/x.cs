// replaced by the first room
