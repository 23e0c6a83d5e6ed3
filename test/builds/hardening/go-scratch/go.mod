module example.com/authorities

go 1.24
