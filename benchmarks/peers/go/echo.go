package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// echo is a server for row 13. It prints the port and ends when its input ends. To the line "heap" it answers with
// what the heap and the stacks take.
func echo(transport string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	if transport == "tls" {
		directory := os.Getenv("ECHO_CERTIFICATE")
		pair, err := tls.LoadX509KeyPair(
			filepath.Join(directory, "certificate.pem"), filepath.Join(directory, "key.pem"))
		check(err)
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}})
	}
	go func() {
		for {
			connection, err := listener.Accept()
			check(err)
			go serve(connection)
		}
	}()
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		if commands.Text() == "heap" {
			fmt.Println("heap", inUse())
		}
	}
}

func serve(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 64*1024)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:count]); err != nil {
			return
		}
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
